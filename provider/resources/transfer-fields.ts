import * as z from "zod";
import { DURATION, milliseconds } from "../core/duration";
import { UserError } from "../core/errors";
import { type Cost, field, text } from "../core/fields";
import type { Context } from "../core/resource";
import type { Site } from "./site";

const duration = text(DURATION, 'a duration such as "90s" or "1h30m"').optional();

/** The name of an image's file, without its folder. */
export const FILE_NAME = /^(?!\.)[A-Za-z0-9._-]{1,200}\.qcow2$/;

/** An image server, as the client node is configured to know it. */
export const imageServerField = (
  { cost, source }: { readonly cost: Cost; readonly source: string },
  meaning: string,
) =>
  field(
    { cost, wire: "image_server", source },
    text(/^[0-9A-Za-z_.-]{1,64}$/, "the id of an image server; getImageServers lists them")
      .default("")
      .describe(`${meaning} Must be given, but for nodes of the older API generation, which know none.`),
  );

export const rentOrderField = (source: string) =>
  field(
    { cost: "stateOnly", wire: "rent_order", source },
    text(/^\d{1,20}$/, "the number of a rental order")
      .optional()
      .describe("Per-GPU rental order that the node is asked under."),
  );

export const timeoutsField = (
  meaning = "Deadlines; without one a transfer goes on for as long as it moves. Filled from `customTimeouts`.",
) =>
  field(
    { cost: "stateOnly" },
    z
      .strictObject(
        { create: duration, update: duration, delete: duration },
        { error: "must be an object { create?, update?, delete? }" },
      )
      .optional()
      .describe(meaning),
  );

/** The user's deadline of a verb, if there is one. */
export const limitMsOf = (
  timeouts: { readonly [verb in "create" | "update" | "delete"]?: string | undefined } | undefined,
  verb: "create" | "update" | "delete",
): number | undefined => {
  const given = timeouts?.[verb];
  return given === undefined ? undefined : milliseconds(given);
};

/** Refuses to judge what was recorded through another account. */
export const accountAt = async (
  { site }: Context<Site>,
  at: { readonly nodeId: string; readonly rentOrder: string | undefined; readonly what: string },
  recorded?: string,
): Promise<string> => {
  const account = await site.client.fingerprint(at.nodeId, { rentOrder: at.rentOrder });
  if (recorded !== undefined && recorded !== account)
    throw new UserError(
      `${at.what} was recorded through another account than the one in use now: what this one sees says nothing about it; use the credentials that it was made with.`,
    );
  return account;
};
