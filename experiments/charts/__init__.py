"""What all figures share: style, labels, words for those who cannot see them."""
