/** One character on the screen and how it looks. */
export interface Cell {
  readonly char: string;
  /** A colour's name, `bold` or `dim`, in the order in which they were set. */
  readonly looks: readonly string[];
}

const LOOKS: Readonly<Record<number, string>> = {
  1: 'bold',
  2: 'dim',
  31: 'red',
  32: 'green',
  33: 'yellow',
  34: 'blue',
  35: 'magenta',
  36: 'cyan',
  90: 'grey',
};

/** What ends a look: its number, and the looks that end. */
const ENDS: Readonly<Record<number, readonly string[]>> = {
  22: ['bold', 'dim'],
  39: ['red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'grey'],
};

/** A control sequence: its parameters and its letter. */
const SEQUENCE = new RegExp(`${String.fromCharCode(27)}\\[([?\\d;]*)([A-Za-z])`, 'y');

/** A terminal of unlimited height: as much of one as programs need that colour text and redraw the lines above. */
export class Screen {
  readonly #columns: number;
  readonly #rows: Cell[][] = [[]];
  #row = 0;
  #column = 0;
  #looks: readonly string[] = [];

  constructor(columns: number) {
    this.#columns = columns;
  }

  /** What is on it, without blanks at the ends of lines and without empty lines at the end. */
  get rows(): readonly (readonly Cell[])[] {
    const rows = this.#rows.map((row) => row.slice(0, row.findLastIndex(({ char }) => char !== ' ') + 1));
    return rows.slice(0, rows.findLastIndex((row) => row.length > 0) + 1);
  }

  write(text: string): void {
    for (let index = 0; index < text.length; ) {
      SEQUENCE.lastIndex = index;
      const sequence = SEQUENCE.exec(text);
      const char = String.fromCodePoint(text.codePointAt(index) ?? 0);
      if (sequence !== null) this.#control(sequence[1] ?? '', sequence[2] ?? '');
      else this.#put(char);
      index += sequence === null ? char.length : sequence[0].length;
    }
  }

  #put(char: string): void {
    if (char === '\r') this.#column = 0;
    else if (char === '\n') this.#newLine();
    else if (char >= ' ') {
      if (this.#column === this.#columns) this.#newLine();
      const row = this.#rowAt(this.#row);
      while (row.length < this.#column) row.push({ char: ' ', looks: [] });
      row[this.#column++] = { char, looks: this.#looks };
    }
  }

  #newLine(): void {
    this.#row++;
    this.#column = 0;
    this.#rowAt(this.#row);
  }

  #rowAt(index: number): Cell[] {
    while (this.#rows.length <= index) this.#rows.push([]);
    return this.#rows[index] ?? [];
  }

  #control(parameters: string, letter: string): void {
    const number = Number(parameters.split(';')[0]);
    if (letter === 'm') this.#look(parameters);
    else if (letter === 'A') this.#row = Math.max(0, this.#row - (number || 1));
    else if (letter === 'B') this.#row += number || 1;
    else if (letter === 'G') this.#column = Math.max(0, (number || 1) - 1);
    else if (letter === 'K') this.#eraseLine(number);
    else if (letter === 'J') this.#eraseBelow();
    else if (!'hl'.includes(letter)) throw new Error(`The screen does not know the sequence ${parameters}${letter}.`);
  }

  #look(parameters: string): void {
    for (const number of parameters.split(';').map(Number)) {
      const look = LOOKS[number];
      if (number === 0) this.#looks = [];
      else if (look !== undefined) this.#looks = [...this.#looks, look];
      else this.#looks = this.#looks.filter((each) => !(ENDS[number] ?? []).includes(each));
    }
  }

  #eraseLine(mode: number): void {
    this.#rowAt(this.#row).length = mode === 2 ? 0 : Math.min(this.#column, this.#rowAt(this.#row).length);
  }

  #eraseBelow(): void {
    this.#eraseLine(0);
    this.#rows.length = this.#row + 1;
  }
}
