"""paper → draft: a file that came in waits as an `IssuedPaper`, is read with what people said of its words, and becomes or changes a draft."""
