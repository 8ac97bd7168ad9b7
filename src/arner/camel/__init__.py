"""CAMeL Tools as arner uses it: what is installed and where, its neural recognizer, its morphology."""
