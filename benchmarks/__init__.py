"""Speed, accuracy and loss figures we claim; each is one command anybody can run."""
