import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "./command";
import { PROGRAMS } from "./pins";

/** The site that the Automation API's installer begins with. */
const DOWNLOAD_SITE = "https://get.pulumi.com";
/** How long that site may take to answer at all, and then the whole download, in milliseconds. */
const ANSWER_LIMIT = 8_000;
const DOWNLOAD_LIMIT = 120_000;

/**
 * Downloads the official engine of our SDK's version with the Automation API's installer, and puts its programs
 * into `folder`. Answers why not, where the site can't be reached or is too slow.
 */
export const downloadEngine = async (folder: string): Promise<"done" | { readonly failed: string }> => {
  try {
    const signal = AbortSignal.timeout(ANSWER_LIMIT);
    const answer = await fetch(DOWNLOAD_SITE, { method: "HEAD", redirect: "manual", signal });
    if (answer.status >= 400) return { failed: `the download site answers ${answer.status}` };
  } catch {
    return { failed: "the download site can't be reached" };
  }
  const root = await mkdtemp(join(tmpdir(), "pulumi-download-"));
  try {
    // The installer takes no time limit, so it runs in a process that can be ended with all its children.
    const installer = `require("@pulumi/pulumi/automation").PulumiCommand.install({ root: process.argv[1] })
      .catch((error) => { console.error(String(error.message).trim()); process.exit(1); })`;
    const { code, signal, stderr } = await run(process.execPath, ["-e", installer, root], {
      cwd: __dirname,
      group: true,
      deadlineMs: DOWNLOAD_LIMIT,
    });
    if (signal) return { failed: `the download took more than ${DOWNLOAD_LIMIT / 1000} s` };
    if (code !== 0) return { failed: `the download failed: ${stderr.trim().split("\n").at(-1)}` };
    for (const program of PROGRAMS) await copyFile(join(root, "bin", program), join(folder, program));
    return "done";
  } catch (error) {
    return { failed: `the download is not whole: ${error instanceof Error ? error.message : String(error)}` };
  } finally {
    await rm(root, { recursive: true, force: true });
  }
};
