import * as dbc from "pulumi-dbc";
import { imageServer } from "./image";
import { box } from "./vm";

export const prepared = new dbc.Snapshot("prepared", { vmId: box.id, name: "prepared", imageServer });

export const image = prepared.image; // what an Image or a Vm takes elsewhere
