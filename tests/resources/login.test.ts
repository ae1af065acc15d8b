import * as api from "../../provider/api/dbc/fields";
import { vmShape } from "../../provider/resources/vm";

const characters = Array.from({ length: 0x7f - 0x20 }, (_, at) => String.fromCharCode(0x20 + at));
const isTaken = (password: string): boolean => vmShape.login.safeParse({ username: "dbc", password }).success;

test("a password that would be refused only when the VM is up is refused by the preview", () => {
  const taken = characters.filter((character) => isTaken(`Abc${character}123`));
  expect(characters.filter((character) => !taken.includes(character))).toEqual([" ", '"', "\\"]);
  for (const character of taken) expect(api.password.safeParse(`Abc${character}123`).success).toBe(true);
});
