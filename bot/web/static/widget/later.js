// What only an answer needs: fetched while a family types, so that the first screen is there sooner.
export { addMeanings } from "./meanings.js";
export { Foot } from "./foot.js";
export { answer, spoken } from "./render.js";
export { addReplies } from "./replies.js";
export { addTextSize } from "./textsize.js";
export { addTools } from "./tools.js";
