import * as dbc from "pulumi-dbc";
import { nodeId } from "./vm";

/** The first image server that the client node knows. */
export const imageServer = dbc.getImageServersOutput().apply(([first]) => first ?? "");

const pytorch = new dbc.Image("pytorch", { nodeId, name: "pytorch.qcow2", imageServer });

export const size = pytorch.size;
