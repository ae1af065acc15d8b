import { existsSync, readdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { run } from "../engine/command";
import { repositoryRoot } from "../engine/pins";
import { openBrowser } from "./browser";
import { documented } from "./generate";

jest.setTimeout(600_000); // it builds the site and opens every page, on a machine of any speed

let site: string;
let browser: Browser;
let page: Page;
/** What went wrong in the pages, and what they asked for that is not a file. */
const complaints: string[] = [];

beforeAll(async () => {
  site = join(await mkdtemp(join(tmpdir(), "pulumi-dbc-site-")), "site");
  const typedoc = join(repositoryRoot, "node_modules/typedoc/bin/typedoc");
  const built = await run(process.execPath, [typedoc, "--out", site], { cwd: repositoryRoot });
  if (built.code !== 0) throw new Error(`typedoc ended with ${built.code}: ${built.output}`);
  browser = await openBrowser();
  page = await browser.newPage();
  page.on("pageerror", ({ message }) => complaints.push(`${page.url()}: ${message}`));
  page.on("requestfailed", (request) => {
    // browsers refuse this to pages from files; the site has the icons in a script as well
    if (!request.url().endsWith("/assets/icons.svg"))
      complaints.push(`${page.url()}: ${request.url()} failed`);
  });
  page.on("request", (request) => {
    if (!/^(file|data|blob):/.test(request.url())) complaints.push(`${page.url()} asks ${request.url()}`);
  });
});
afterAll(async () => {
  await browser?.close();
  if (site) await rm(join(site, ".."), { recursive: true, force: true });
});

const urlOf = (path: string): string => pathToFileURL(join(site, path)).href;
const pages = (): string[] =>
  readdirSync(site, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".html"));

interface Seen {
  readonly links: readonly string[];
  readonly ids: readonly string[];
  readonly hidden: readonly string[];
  readonly heading: string;
}

/** What a page is made of; runs in the page. */
const LOOK = `({
  links: [...document.querySelectorAll("a[href]")].map(({ href }) => href),
  ids: [...document.querySelectorAll("[id]")].map(({ id }) => id),
  hidden: [...document.images].filter(({ naturalWidth }) => naturalWidth === 0).map(({ src }) => src),
  heading: document.querySelector("h1")?.textContent ?? "",
})`;

const look = async (path: string): Promise<Seen> => {
  await page.goto(urlOf(path), { waitUntil: "load" });
  return page.evaluate<Seen>(LOOK);
};

test("every page opens from its file, nothing is fetched from elsewhere, and no link or picture is dead", async () => {
  const seen = new Map<string, Seen>();
  for (const path of pages()) seen.set(urlOf(path), await look(path));
  expect(seen.size).toBeGreaterThan(50);
  expect(complaints).toEqual([]);
  const dead = [...seen].flatMap(([url, { links, hidden, heading }]) => [
    ...(heading === "" ? [`${url} has no heading`] : []),
    ...hidden.map((src) => `${url} can't show ${src}`),
    ...links.flatMap((link) => {
      if (!link.startsWith("file:")) return /^(https?|mailto):/.test(link) ? [] : [`${url}: ${link}`];
      const [target = "", anchor] = link.split("#");
      if (!existsSync(fileURLToPath(target))) return [`${url}: ${link} is not there`];
      const ids = seen.get(target)?.ids;
      return anchor && ids && !ids.includes(decodeURIComponent(anchor))
        ? [`${url}: ${link} has no such place`]
        : [];
    }),
  ]);
  expect([...new Set(dead)]).toEqual([]);
});

test("every resource and every guide is in the navigation, by its heading", async () => {
  await page.goto(urlOf("index.html"), { waitUntil: "load" });
  await page.locator("#tsd-nav-container a").first().waitFor();
  const names = await page.locator("#tsd-nav-container a").allTextContents();
  const wanted = Object.values(documented).map(({ type }) => type);
  wanted.push("From zero to a lab on a real node", "Troubleshooting", "From raw API calls", "How it works");
  for (const name of wanted) expect(names.map((each) => each.trim())).toContain(name);
});

test("the search finds an argument and a page, without a server", async () => {
  for (const [words, expected] of [
    ["MonitorServers", /MonitorServers/],
    ["clear-pending-creates", /roubleshooting/],
  ] as const) {
    await page.goto(urlOf("index.html"), { waitUntil: "load" });
    await page.click("#tsd-search-trigger");
    await page.fill("#tsd-search-input", words);
    const results = page.locator("#tsd-search-results li");
    await results.first().waitFor();
    expect((await results.allTextContents()).join("\n")).toMatch(expected);
    await results.first().locator("a").click();
    await page.waitForLoadState("load");
    expect(page.url()).not.toBe(urlOf("index.html"));
    expect((await page.textContent("h1")) ?? "").not.toBe("");
  }
  expect(complaints).toEqual([]);
});
