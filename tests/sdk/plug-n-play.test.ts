import * as pulumi from "@pulumi/pulumi";
import { refusePlugNPlay } from "../../sdk/plug-n-play";

test("Plug'n'Play is refused in one sentence, and nothing else is", () => {
  expect(() => refusePlugNPlay({ node: "20.20.2", pnp: "3" })).toThrow(
    new pulumi.RunError(
      "pulumi-dbc can't be used with Yarn's Plug'n'Play: set `nodeLinker: node-modules` in .yarnrc.yml and run `yarn install`.",
    ),
  );
  expect(() => refusePlugNPlay(process.versions)).not.toThrow();
});
