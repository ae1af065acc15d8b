import { isKey, newKey, taskIdOf } from "../../provider/core/key";

/** A source of bytes that counts up, wrapping at 256. */
const counting = () => {
  let next = 0;
  return (bytes: number) => Uint8Array.from({ length: bytes }, () => next++ % 256);
};

test("a key is 22 letters and digits with our mark, as the node takes them", () => {
  const key = newKey(counting());
  expect(key).toBe("pd10123456789abcdefghi");
  expect(isKey(key)).toBe(true);
});

test("bytes that would make some digits likelier are passed over", () => {
  const bytes = [255, 254, 253, 252, ...Array.from({ length: 28 }, () => 1)];
  expect(newKey(() => Uint8Array.from(bytes))).toBe(`pd1${"1".repeat(19)}`);
});

test("the number of a machine changes its id and keeps its length and family", () => {
  const key = newKey(counting());
  const ids = Array.from({ length: 40 }, (_, number) => taskIdOf(key, number));
  expect(new Set(ids).size).toBe(40);
  for (const id of ids) {
    expect(id).toHaveLength(22);
    expect(id.slice(0, 20)).toBe(key.slice(0, 20));
  }
});

test("foreign task ids are not taken for keys", () => {
  for (const id of ["7wgGzWrcgEiuUmKnD2fWGm", "pd1", `pd1${"A".repeat(19)}`, `xpd1${"a".repeat(18)}`])
    expect(isKey(id)).toBe(false);
});
