/** What there is to say of a resource that exists already: taking it over, giving it up. */
export interface Notes {
  readonly adopt: string;
  readonly remove: string;
}

const GIVEN_UP = "The platform can't take a request back: the resource is only forgotten.";

/** By basename of the resource. */
export const notes: Readonly<Record<string, Notes>> = {
  vm: {
    adopt:
      "`adoptTaskId` takes a VM over as it is. The guest system, LAN, sizes and ports that its node shows must agree with the program, or the `up` is refused: write down what is there, and change it in a later one. Image, firmware, port maps and filters are taken as written down.",
    remove:
      "A delete ends when the node says twice, five seconds apart, that there is no such VM. Its disks go with it; `deletionProtection` refuses it.",
  },
  "data-disk": {
    adopt: "`adoptFile` takes over a disk that the VM has, told by its file.",
    remove:
      "The VM is powered off, the disk and its file are deleted, and the VM is brought back. In a run that has no part for its Vm (`pulumi destroy --target`) a VM that runs needs `DBC_ALLOW_STOP=1` and is brought back as it was found.",
  },
  image: {
    adopt: "An image that the node lists is taken as it is, and a download under way is joined.",
    remove: "The file stays on the node unless `deleteFromNode` is true.",
  },
  "image-upload": {
    adopt: "An upload under way is joined.",
    remove: "Image servers offer no delete: the copy stays there, and the resource is forgotten.",
  },
  snapshot: {
    adopt: "A snapshot that an interrupted run began is gone on with; others are only looked up.",
    remove:
      "The file on its node is deleted; the copy on the image server stays, because no call can remove it.",
  },
  lan: {
    adopt: "`adopt: true` with a `name` takes over a LAN that exists, if it has the same range.",
    remove: "Waits for the VMs that the same run deletes; a LAN that others use is refused.",
  },
  "monitor-servers": {
    adopt:
      "A list that is there already is refused, unless the program names all its servers or sets `adopt: true`, which puts this list in its place; the servers that were there are told in a warning and are not brought back.",
    remove: "These servers are taken off the list; those that somebody else has added since stay.",
  },
  "container-task": {
    adopt:
      "`adoptInstance` takes over an instance, by id or name, whose task type, image, group, sizes and time limit agree with the program; its script, mounts and ports are taken as written down.",
    remove: "The instance is stopped and deleted.",
  },
  "computing-resource-query": {
    adopt: "There is nothing to take over: each is a request.",
    remove: GIVEN_UP,
  },
  "task-template-submission": {
    adopt: "There is nothing to take over: each is a request.",
    remove: GIVEN_UP,
  },
  "task-path": { adopt: "There is nothing to take over: each is a request.", remove: GIVEN_UP },
};
