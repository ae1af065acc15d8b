import { readFileSync } from "node:fs";
import { generated } from "./generate";

test.each(Object.entries(generated()))("%s is what `make docs` writes", (path, text) => {
  expect(readFileSync(path, "utf8")).toBe(text);
});
