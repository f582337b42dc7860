"""How much a file may hold. Papers have hundreds of rows; lists of people and figures thousands."""

BYTES = 16 * 2**20  # of the file
UNPACKED = 160 * 2**20  # of everything in it
MEMORY = 768 * 2**20  # of the process that reads it, beyond what it starts with
SECONDS = 20
SHEETS = 60
ROWS = 20_000
COLUMNS = 256
CELLS = 200_000  # in one sheet, empty ones between full ones counted
CHARACTERS = 10_000  # in one cell or paragraph
PARAGRAPHS = 20_000
