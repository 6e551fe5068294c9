"""Define every number that ``check`` holds a corpus to, each with its origin.

The numbers for front matter are in the two ``*.schema.json`` files beside this one, because editors' own programs can
read those as well.
"""

from __future__ import annotations

# Rules of the starter corpus (docs/checking.md): "Aim for US grade 8 or lower, no section above grade 10".
HIGHEST_GRADE = 10.0
MEDIAN_GRADE = 8.0

# Rules of the starter corpus: 450 to 1,000 words an explainer (900 until sentences had to carry their warning, their
# country and their subject with them), 1,200 to 2,000 for an illustrative script.
EXPLAINER_WORDS = (450, 1000)
SCRIPT_WORDS = (1200, 2000)

# Rules of the starter corpus: three sections that every explainer has, "then two to four that a family would look for".
REQUIRED_SECTIONS = ("Plain-English explanation", "Why it matters", "How it works")
FURTHER_SECTIONS = (2, 4)

# How many of a hard section's sentences are shown, the longest first: splitting these lowers its grade most.
SENTENCES_SHOWN = 3

# Two sources that share a run of this many words would be quoted with the same words. A sentence of the starter corpus
# has 12 words (the median); names of bodies and programs, which sources rightly share, have fewer.
REPEATED_WORDS = 15
# From this length on, two or three sentences, it is a copied passage.
REPEATED_PASSAGE_WORDS = 30

# The editor's time zone may be a day ahead of the machine's.
DAYS_AHEAD = 1

# Two readers counted "X matters because" in 51 of 66 explainers: at most one in ten may begin so.
FORMULA_SHARE = 0.1

# This many files with errors are named below the findings, the worst first.
FILES_SUMMED = 10

# How alike, of 100, a sentence must be for a question's quote to be carried over to it (rapidfuzz's token set ratio).
# 194 sentences of the first rewritten explainers were lost. The pairs from 75 to 90 were read one by one: from 85 on,
# with the same numbers and negations, the new one said the same or said it more narrowly; half of those below did not.
CARRIED_OVER_FROM = 85.0
