import * as dbc from "pulumi-dbc";
import { box } from "./vm";

const scratch = new dbc.DataDisk("scratch", { vmId: box.id, sizeGib: 100 });

export const file = scratch.file;
