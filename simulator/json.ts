/**
 * JSON as the node's own parser reads it: its error texts and byte offsets, the first of two equal names wins,
 * integers told from other numbers, and the text ends at the first NUL (reference 0.3).
 */
export type Json = null | boolean | string | JsonNumber | JsonArray | JsonObject;
export type JsonArray = Json[];

export class JsonNumber {
  constructor(
    readonly value: number,
    /** Written without fraction and exponent. */
    readonly whole: boolean,
  ) {}
}

export class JsonObject {
  readonly members: [string, Json][] = [];

  get(name: string): Json | undefined {
    return this.members.find(([key]) => key === name)?.[1];
  }
}

export class JsonError extends Error {
  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(message);
  }
}

/** Nesting on which the node's recursive parser overflows its stack and the process dies (between 20,000 and 200,000). */
export class JsonTooDeep extends Error {}
const deepest = 150_000;

const space = /[ \n\r\t]*/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids them in text, which is what is checked
const plainText = /[^"\\\u0000-\u001f]+/y;
const number = /-?(?:0|[1-9][0-9]*)(?:\.([0-9]*))?(?:[eE][+-]?([0-9]*))?/y;
const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  "/": "/",
  "\\": "\\",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

class Parser {
  #at = 0;

  /** `text` holds one character per byte. */
  constructor(readonly text: string) {}

  document(): Json {
    this.#skip();
    if (this.#at >= this.text.length) throw new JsonError("The document is empty.", this.#at);
    const value = this.#value();
    this.#skip();
    if (this.#at < this.text.length)
      throw new JsonError("The document root must not be followed by other values.", this.#at);
    return value;
  }

  /** Without recursion, since the depth is the sender's choice. */
  #value(): Json {
    const open: (JsonArray | JsonObject)[] = [];
    let name: string | undefined;
    const names: (string | undefined)[] = [];
    for (;;) {
      let value: Json | undefined;
      const next = this.text[this.#at];
      if (next === "[" || next === "{") {
        this.#at++;
        const container = next === "[" ? [] : new JsonObject();
        this.#skip();
        if (this.#take(next === "[" ? "]" : "}")) value = container;
        else {
          open.push(container);
          names.push(name);
          if (open.length > deepest) throw new JsonTooDeep();
          name = container instanceof JsonObject ? this.#name() : undefined;
          continue;
        }
      } else value = this.#scalar();
      for (;;) {
        const container = open.at(-1);
        if (container === undefined) return value;
        if (container instanceof JsonObject) container.members.push([name ?? "", value]);
        else container.push(value);
        this.#skip();
        if (this.#take(",")) {
          this.#skip();
          name = container instanceof JsonObject ? this.#name() : undefined;
          break;
        }
        const isObject = container instanceof JsonObject;
        if (!this.#take(isObject ? "}" : "]"))
          throw new JsonError(
            isObject
              ? "Missing a comma or '}' after an object member."
              : "Missing a comma or ']' after an array element.",
            this.#at,
          );
        open.pop();
        name = names.pop();
        value = container;
      }
    }
  }

  #name(): string {
    if (this.text[this.#at] !== '"') throw new JsonError("Missing a name for object member.", this.#at);
    const name = this.#string();
    this.#skip();
    if (!this.#take(":")) throw new JsonError("Missing a colon after a name of object member.", this.#at);
    this.#skip();
    return name;
  }

  #scalar(): Json {
    switch (this.text[this.#at]) {
      case "n":
        return this.#word("null", null);
      case "t":
        return this.#word("true", true);
      case "f":
        return this.#word("false", false);
      case '"':
        return this.#string();
      default:
        return this.#number();
    }
  }

  #word<T extends Json>(word: string, value: T): T {
    for (const letter of word) if (!this.#take(letter)) throw new JsonError("Invalid value.", this.#at);
    return value;
  }

  #number(): JsonNumber {
    number.lastIndex = this.#at;
    const found = number.exec(this.text);
    if (found === null)
      throw new JsonError("Invalid value.", this.#at + (this.text[this.#at] === "-" ? 1 : 0));
    const start = this.#at;
    this.#at += found[0].length;
    if (found[1] === "")
      throw new JsonError("Miss fraction part in number.", start + found[0].indexOf(".") + 1);
    if (found[2] === "") throw new JsonError("Miss exponent in number.", this.#at);
    const value = Number(found[0]);
    if (!Number.isFinite(value)) throw new JsonError("Number too big to be stored in double.", start);
    return new JsonNumber(value, found[1] === undefined && found[2] === undefined);
  }

  #string(): string {
    this.#at++;
    let bytes = "";
    for (;;) {
      plainText.lastIndex = this.#at;
      const plain = plainText.exec(this.text)?.[0] ?? "";
      bytes += plain;
      this.#at += plain.length;
      const next = this.text[this.#at];
      if (next === '"') {
        this.#at++;
        return Buffer.from(bytes, "latin1").toString("utf8");
      }
      if (next === undefined) throw new JsonError("Missing a closing quotation mark in string.", this.#at);
      if (next !== "\\") throw new JsonError("Invalid encoding in string.", this.#at);
      bytes += this.#escape();
    }
  }

  #escape(): string {
    const start = this.#at++;
    const letter = this.text[this.#at] ?? "";
    const plain = escapes[letter];
    if (plain !== undefined) {
      this.#at++;
      return plain;
    }
    if (letter !== "u") throw new JsonError("Invalid escape character in string.", start);
    this.#at++;
    let code = this.#hex(start);
    if (code >= 0xd800 && code <= 0xdbff) {
      const bad = new JsonError("The surrogate pair in string is invalid.", start);
      if (!this.#take("\\") || !this.#take("u")) throw bad;
      const low = this.#hex(start);
      if (low < 0xdc00 || low > 0xdfff) throw bad;
      code = (code - 0xd800) * 0x400 + (low - 0xdc00) + 0x10000;
    }
    return Buffer.from(String.fromCodePoint(code), "utf8").toString("latin1");
  }

  #hex(start: number): number {
    const digits = this.text.slice(this.#at, this.#at + 4);
    if (!/^[0-9a-fA-F]{4}$/.test(digits))
      throw new JsonError("Incorrect hex digit after \\u escape in string.", start);
    this.#at += 4;
    return Number.parseInt(digits, 16);
  }

  #skip(): void {
    space.lastIndex = this.#at;
    this.#at += space.exec(this.text)?.[0].length ?? 0;
  }

  #take(letter: string): boolean {
    if (this.text[this.#at] !== letter) return false;
    this.#at++;
    return true;
  }
}

export function parseJson(body: Uint8Array): Json {
  const text = Buffer.from(body).toString("latin1");
  const end = text.indexOf("\0");
  return new Parser(end < 0 ? text : text.slice(0, end)).document();
}

/** A member that is a string, else `""`: a number where a string is wanted counts as absent. */
export function stringOf(object: JsonObject, name: string): string {
  const value = object.get(name);
  // The node keeps texts as C strings: nothing behind a NUL is seen.
  return typeof value === "string" ? (value.split("\0", 1)[0] ?? "") : "";
}

/** A member that is a whole number of 32 bits. */
export function intOf(object: JsonObject, name: string): number | undefined {
  const value = object.get(name);
  return value instanceof JsonNumber && value.whole && Math.abs(value.value) < 0x8000_0000
    ? value.value
    : undefined;
}

/** The strings of a member that is an array; other elements are passed over. */
export function stringsOf(object: JsonObject, name: string): string[] | undefined {
  const value = object.get(name);
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : undefined;
}
