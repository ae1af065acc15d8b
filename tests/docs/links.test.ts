import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const pages = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "simulator/README.md"].concat(
  readdirSync("docs")
    .filter((name) => name.endsWith(".md"))
    .map((name) => join("docs", name)),
);

/** The anchor that a heading gets. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");

const withoutCode = (text: string): string =>
  text.replaceAll(/^```[\s\S]*?^```/gm, "").replaceAll(/`[^`\n]*`/g, "");

const anchorsOf = (path: string): string[] =>
  [
    ...readFileSync(path, "utf8")
      .replaceAll(/^```[\s\S]*?^```/gm, "")
      .matchAll(/^#+ (.+)$/gm),
  ].map(([, heading = ""]) => anchorOf(heading));

test.each(pages)("%s: every link leads to a file that is there, and to a heading that it has", (page) => {
  const links = [...withoutCode(readFileSync(page, "utf8")).matchAll(/\]\(([^)\s]+)\)/g)].map(
    ([, link = ""]) => link,
  );
  const dead = links.filter((link) => {
    if (/^(https?|mailto):/.test(link)) return false;
    const [path = "", anchor] = link.split("#");
    const target = path === "" ? page : join(dirname(page), path);
    return !existsSync(target) || (anchor !== undefined && !anchorsOf(target).includes(anchor));
  });
  expect(dead).toEqual([]);
});

test("every page of the docs is in the site, and can be reached from the README", () => {
  const site = readFileSync("typedoc.json", "utf8");
  const readme = readFileSync("README.md", "utf8");
  const shown = pages.filter((page) => page.startsWith("docs/") && page !== "docs/engine-cases.md");
  expect(shown.filter((page) => !site.includes(`"${page}"`))).toEqual([]);
  expect(shown.filter((page) => !readme.includes(`(${page})`))).toEqual([]);
});
