// Registers <explainer-chat> on our own pages; importing the class alone has no effect on the page.
import { ExplainerChat } from "./explainer-chat.js";

ExplainerChat.define();
