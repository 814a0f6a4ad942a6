"""What can be wrong with a catalogue or a city's words; each docstring is the message, its slots are filled in."""


class CatalogueError(ValueError):
    """The catalogue is not in order."""

    def __init__(self, **slots: object) -> None:
        self.slots = slots
        super().__init__((type(self).__doc__ or "").strip().format(**slots))


class DuplicateCode(CatalogueError):
    """{kind} {code} is listed twice: keep one of them, or give the other a code of its own."""


class UnknownOwner(CatalogueError):
    """Category {category} belongs to {agency}, which is not among the agencies: add it there or correct the owner."""


class NoOwner(CatalogueError):
    """Category {category} has no owner on {on}: add an owner that is valid from that day or earlier."""


class UnknownGroup(CatalogueError):
    """Category {category} stands in menu group {group}, which does not exist: add the group or correct the name."""


class EmptyGroup(CatalogueError):
    """Menu group {group} holds no category: put one into it or remove the group."""


class BadValue(CatalogueError):
    """{where}: {field} is {value}, but it must be {expected}."""


class NoPhrases(CatalogueError):
    """Category {category} has no example phrases, so nobody's words can ever lead to it: add a few phrases."""


class MissingTell(CatalogueError):
    """Category {category} is an emergency but does not say which number to call: fill in `tell`."""


class UnknownCategory(CatalogueError):
    """There is no category {code}."""


class UnknownAgency(CatalogueError):
    """There is no agency {code}. Known are: {known}."""


class SlangOfKeptWord(CatalogueError):
    """The slang list changes {word}, but {word} is among the words to keep: remove it from one of the two."""


class UnknownGroupOfWords(CatalogueError):
    """A phrase uses the group of words {group}, which is not listed. Listed are: {known}."""
