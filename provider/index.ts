/**
 * What the dynamic provider process requires: one handler per resource, under the names that `kinds.ts` fixes. Not
 * for programs, which import `pulumi-dbc`.
 */
import { toDynamic } from "./hosts/dynamic";
import { vm as vmDefinition } from "./resources/vm";
import { vmKey as vmKeyDefinition } from "./resources/vm-key";

export const vm = toDynamic(vmDefinition, true);
export const vmKey = toDynamic(vmKeyDefinition, false);
