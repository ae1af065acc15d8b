/**
 * One image for many nodes: from an image server to all of them at once, so that VMs can be made from it anywhere.
 *
 *   pulumi config set image pytorch.qcow2
 *   pulumi config set --path 'nodes[0]' <node id>     every node that is to have it
 *   pulumi config set from <node id>                  a node that has it, if the image server has it not
 *
 * A node that has the image already is left alone. A download that somebody else has begun is joined, one that fails
 * is begun again, and one that does not move is stopped: the next `pulumi up` goes on.
 */
import * as pulumi from "@pulumi/pulumi";
import * as dbc from "pulumi-dbc";

const config = new pulumi.Config();

/** The image server to use: the one that is set, else the first that the client node knows. */
const chosenServer = async (): Promise<string> => {
  const [first] = await dbc.getImageServers();
  const server = config.get("imageServer") ?? first;
  if (server === undefined)
    throw new pulumi.RunError(
      "the client node is configured with no image server: see its image_server setting",
    );
  return server;
};

export = async () => {
  const image = config.require("image");
  const from = config.get("from");
  const imageServer = await chosenServer();

  // what an image server has, it keeps: `pulumi destroy` leaves it there
  const upload =
    from === undefined
      ? undefined
      : new dbc.ImageUpload("upload", { nodeId: from, name: image, imageServer });

  const nodes = config.requireObject<string[]>("nodes");
  const images = nodes.map(
    (nodeId, n) =>
      new dbc.Image(`image-${n}`, {
        nodeId,
        name: upload?.image ?? image,
        imageServer,
        deleteFromNode: config.getBoolean("cleanUp") ?? false,
      }),
  );

  return {
    imageServer,
    sizes: Object.fromEntries(images.map((each, n) => [nodes[n], each.size])),
  };
};
