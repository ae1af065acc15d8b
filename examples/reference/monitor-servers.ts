import * as dbc from "pulumi-dbc";
import { nodeId } from "./vm";

const figures = new dbc.MonitorServers("figures", { nodeId, servers: ["zabbix.example.com:10051"] });

export const sentTo = figures.servers;
