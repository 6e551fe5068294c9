// Speaking a question, where the site offers it and the browser can: asked for first, since the browser may send the
// sound to its maker. Nothing is listened to before the family has agreed, and what was heard is put into the box, not sent.
import { button, element } from "./dom.js";
import { language, say } from "./words.js";

const Recognition = window.SpeechRecognition ?? window.webkitSpeechRecognition;

export function addVoice(form, box, announce) {
  if (!Recognition) return;
  const place = element("div", { class: "place" });
  const listen = () => {
    place.replaceChildren(element("p", { class: "waiting" }, [say("voice_listening")]));
    announce(say("voice_listening"));
    const heard = new Recognition();
    heard.lang = language === "en" ? document.documentElement.lang : "en";
    heard.onresult = ({ results }) => {
      box.value = `${box.value} ${results[0][0].transcript}`.trim();
    };
    heard.onerror = () => announce(say("voice_failed"));
    heard.onend = () => {
      place.replaceChildren();
      box.focus();
    };
    heard.start();
  };
  const ask = button(say("voice"), () => {
    const yes = button(say("voice_yes"), listen, { class: "button" });
    const no = button(say("no"), () => {
      place.replaceChildren();
      ask.focus();
    }, { class: "tool" });
    place.replaceChildren(element("p", {}, [say("voice_ask")]), element("div", { class: "row" }, [yes, no]));
    yes.focus();
  }, { class: "tool" });
  form.append(element("div", { class: "row voice" }, [ask]), place);
}
