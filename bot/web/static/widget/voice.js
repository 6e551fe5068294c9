// Speaking a question, where the site offers it and the browser can: asked for first, since the browser may send the
// sound to its maker. Nothing is listened to before the family has agreed, and what was heard is put into the box, not sent.
import { button, element } from "./dom.js";
import { language, say } from "./words.js";

const Recognition = window.SpeechRecognition ?? window.webkitSpeechRecognition;

// A frame may use the microphone only where the page around it says so; a browser that cannot tell is taken to say no.
function mayListen() {
  const policy = document.permissionsPolicy ?? document.featurePolicy;
  return policy ? policy.allowsFeature("microphone") : window.parent === window;
}

export function addVoice(form, box, announce) {
  if (!Recognition || !mayListen()) return;
  const place = element("div", { class: "place" });
  const tell = (words) => {
    place.replaceChildren(element("p", { class: "waiting" }, [words]));
    announce(words);
  };
  const listen = () => {
    let failed = false;
    tell(say("voice_listening"));
    const heard = new Recognition();
    heard.lang = language === "en" ? document.documentElement.lang : "en";
    heard.onresult = ({ results }) => {
      box.value = `${box.value} ${results[0][0].transcript}`.trim();
      box.dispatchEvent(new Event("input"));
    };
    heard.onerror = () => {
      failed = true;
      tell(say("voice_failed"));
    };
    heard.onend = () => {
      if (!failed) place.replaceChildren();
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
