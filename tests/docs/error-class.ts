import type { Outcome } from "../../provider/core/errors";
import type { Message } from "./messages";

/** What is the matter, in a word; and who has to do what. */
export const CLASSES = {
  capacity: "the node, or the platform, has not enough left: ask for less, use another, or free some",
  quota: "more than this rental or account may have: change the rental, or ask for what it holds",
  rental: "the machine is not rented, or no longer, or not by this account: rent it, or mend nodeId",
  "bad request": "something in the program or its settings has to be mended; nothing was done",
  auth: "the credentials are missing, do not fit, or are not allowed this",
  network: "somebody can't be reached or gave no usable answer: nothing in the program is wrong",
  state: "what exists is not in a state in which this can be done: wait, or bring it there first",
  missing: "what was meant is not there",
  note: "nothing is wrong: it says what was done, or what to know",
} as const;

export type ErrorClass = keyof typeof CLASSES;

const CAPACITY =
  /allocate |exceeds the maximum|check (cpu|gpu|memory) failed|enough space|no space|not enough|insufficient (resource|gpu|card)|is full|has free|it has \S+ free|more than a node/i;
const QUOTA =
  /number of leases|exactly rented|order gpu index|rent ?order is empty|can not modify (gpu|cpu|mem)|quota|exceeds the limit|too (large|many)|rental order \S+ holds/i;
const STATE =
  /^task is|please close|downloading|uploading|in use|already|only the running|deletionProtection|power-off|is off|can't shrink|taken|another VM took|was not made|is being|still|failed to come|phase/i;
const AUTH =
  /credential|account|session|wallet|signature|sign in|password|token|permission|certificate|insecure/i;
const NETWORK =
  /could not be asked|no answer|nobody knows|does not tell|can't be reached|can't reach|no clear answer|no longer answers|address to try|SSH server/i;

const OF_OUTCOME: Readonly<Partial<Record<Outcome, ErrorClass>>> = {
  "rental-over": "rental",
  unauthorised: "auth",
  unavailable: "network",
  unknown: "network",
  "not-found": "missing",
};

/** The class of what a remote system said. */
export const classOf = (outcome: Outcome, ...texts: readonly string[]): ErrorClass => {
  const known = OF_OUTCOME[outcome];
  if (known) return known;
  const text = texts.join(" ");
  if (QUOTA.test(text)) return "quota";
  if (CAPACITY.test(text)) return "capacity";
  return STATE.test(texts[0] ?? "") ? "state" : "bad request";
};

/** The class of a sentence of our own: by where it is said, and by what it says. */
export const classOfOwn = ({ file, text }: Message): ErrorClass => {
  if (/settings|provider\.ts/.test(file)) return AUTH.test(text) ? "auth" : "bad request";
  // what an answer was, inside the sentence that tells of it
  if (/^provider\/api/.test(file)) return "network";
  if (/orphans|exclude each other|twice|^say |\btoo:|set up here/.test(`${file} ${text}`))
    return "bad request";
  if (QUOTA.test(text)) return "quota";
  if (CAPACITY.test(text)) return "capacity";
  if (/not rented|rental (is over|ended|has ended)|the rental/.test(text)) return "rental";
  if (/^sdk|rules|preview|refuse|beside|ports|preflight|legacy|arguments/.test(file))
    return STATE.test(text) && /refuse|ports/.test(file) ? "state" : "bad request";
  if (/another account/.test(text)) return "auth";
  if (/^there is no |is gone|not there|does not have/.test(text)) return "missing";
  if (NETWORK.test(text)) return "network";
  if (/^(adopted|… stays|… may still|.*going on with it)/.test(text)) return "note";
  return /must be|is missing|is not the id|can't be|make it with|mend|has no key|is made by/.test(text)
    ? "bad request"
    : "state";
};
