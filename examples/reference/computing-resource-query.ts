import * as dbc from "pulumi-dbc";

export const demand = new dbc.ComputingResourceQuery("demand", {
  data: { userID: "student-7", resource_type: "超算", gpu_model: "TeslaM40" },
});

export const places = demand.results;
