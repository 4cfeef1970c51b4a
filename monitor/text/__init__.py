"""Letters, words, sentences and markup of Vietnamese news; knows no watch and no story."""
