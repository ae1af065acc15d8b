/** A platform of which a test holds every answer. */
import { createInterconnectClient } from "../../provider/api/interconnect/client";
import type { HttpReply } from "../../provider/core/effects";
import type { RemoteError } from "../../provider/core/errors";
import { failure, RestlessClock, reply } from "../api/fakes";

export const TOKEN = "canary-token/+=1";
export const request = {
  source: "s",
  sessionIdentifier: "i",
  data: { userID: "u", password: "canary-password" },
};

export const clientOf = (answer: () => HttpReply | Promise<HttpReply>, token: string | undefined = TOKEN) =>
  createInterconnectClient({
    endpoint: "https://ic.example/",
    token,
    effects: { clock: new RestlessClock(), send: async () => answer() },
  });

export const failed = (answer: () => HttpReply | Promise<HttpReply>): Promise<RemoteError> =>
  failure(clientOf(answer).send("taskPath", request));

export const said = (code: number | string, message: unknown, status = 200) =>
  reply({ code, message, data: {} }, status);
