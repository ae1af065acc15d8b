import { type Browser, chromium } from "playwright-core";
import { systemProgram } from "../engine/system-program";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** A headless browser of this machine. */
export const openBrowser = async (): Promise<Browser> =>
  chromium.launch({
    executablePath: systemProgram(...NAMES),
    // also as root and in containers; and nothing of the browser's own goes out
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"],
  });
