import * as dbc from "pulumi-dbc";
import { imageServer } from "./image";
import { nodeId } from "./vm";

const upload = new dbc.ImageUpload("ubuntu", { nodeId, name: "ubuntu.qcow2", imageServer });

export const uploaded = upload.image;
