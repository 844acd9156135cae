"""What pages find hardest to show."""

LONG_TITLE = "Une halle, trois ateliers, un tiers-lieu nourricier entre la gare et le canal, " * 2
OPPORTUNITY = LONG_TITLE[:150].strip()
SOMEBODY = f"Inès Fictive, dite {LONG_TITLE}"[:150].strip()
TERRITORY = f"Communauté d’agglomération, {LONG_TITLE}"[:120].strip()
PROGRAMME = f"Formation, {LONG_TITLE}"[:120].strip()
MAIL = f"Message, {LONG_TITLE}"[:120].strip()
FILE = "scan" * 40
ENDLESS_WORD = "https://exemple.example/" + "x" * 300
FROM_THE_RIGHT = "مشروع تعاوني في الحي، ورشة وخمسة مشاركين"
LONG_TEXT = ("Deux visites de quartier, puis un appel aux idées. " * 250)[:10_000]
TEXTS = (f"Court.\n\n{ENDLESS_WORD}", LONG_TEXT, FROM_THE_RIGHT, "<b>Marcher</b> {{ rue }} 🧱")
