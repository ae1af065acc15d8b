import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A temporary folder for the tests of one file, removed when they are done. */
export const temporaryFolder = (): string => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "pulumi-dbc-test-")));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};
