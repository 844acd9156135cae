"""States of the product that a page is looked at in. Each function makes one, with the people of
`cast`, and returns what the address of the page names.

What is written in them is what pages find hardest: long titles, 10,000 characters, words without
end, texts from right to left.
"""
