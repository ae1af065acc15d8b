/** A place in a JSON text: where a value starts and ends, and its path such as `message[].task_id`. */
export interface Leaf {
  readonly path: string;
  readonly start: number;
  readonly end: number;
}

/** The leaves of a JSON text, so that two texts can be compared with all their spaces but some values. */
export function leaves(text: string): Leaf[] | undefined {
  try {
    JSON.parse(text);
  } catch {
    return undefined;
  }
  const found: Leaf[] = [];
  let at = 0;
  const skip = () => {
    while (/\s/.test(text.charAt(at))) at++;
  };
  const word = () => {
    const start = at;
    if (text.charAt(at) === '"') {
      for (at++; text.charAt(at) !== '"'; at++) if (text.charAt(at) === "\\") at++;
      at++;
    } else while (/[^,\]}\s]/.test(text.charAt(at))) at++;
    return start;
  };
  const value = (path: string): void => {
    skip();
    const open = text.charAt(at);
    if (open !== "{" && open !== "[") {
      const start = word();
      found.push({ path, start, end: at });
      return;
    }
    const close = open === "{" ? "}" : "]";
    at++;
    for (skip(); text.charAt(at) !== close; skip()) {
      if (text.charAt(at) === ",") {
        at++;
        skip();
      }
      if (open === "[") value(`${path}[]`);
      else {
        const start = word();
        const name = JSON.parse(text.slice(start, at)) as string;
        skip();
        at++;
        value(path === "" ? name : `${path}.${name}`);
      }
    }
    at++;
  };
  value("");
  return found;
}
