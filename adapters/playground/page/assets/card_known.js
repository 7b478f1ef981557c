// What an Adaptive Card may hold here: the parts that the bot uses. Anything
// else is refused, so that a card which Teams would draw and this page would
// not is seen at once.
import { refuse } from "./blocks.js";

const common = ["id", "isVisible", "separator", "spacing", "fallback", "height"];
const box = ["selectAction", "style", "bleed", "minHeight", "verticalContentAlignment"];
const words = ["text", "color", "fontType", "isSubtle", "size", "weight"];
const field = [...common, "label", "isRequired", "errorMessage", "value"];
const action = ["id", "title", "tooltip", "style", "isEnabled", "mode", "fallback"];
const sending = [...action, "data", "associatedInputs"];

const members = {
  AdaptiveCard: ["$schema", "version", "body", "actions", "fallbackText", "speak", "refresh", "msteams", "rtl", "selectAction", "minHeight", "verticalContentAlignment"],
  TextBlock: [...common, ...words, "wrap", "style", "horizontalAlignment", "maxLines"],
  RichTextBlock: [...common, "inlines", "horizontalAlignment"],
  TextRun: [...words, "highlight", "italic", "strikethrough", "underline", "selectAction"],
  FactSet: [...common, "facts"],
  Container: [...common, ...box, "items"],
  ColumnSet: [...common, "columns", "selectAction", "style", "bleed", "minHeight", "horizontalAlignment"],
  Column: [...common, ...box, "items", "width", "rtl"],
  ActionSet: [...common, "actions"],
  "Input.Text": [...field, "placeholder", "maxLength", "isMultiline", "regex", "style"],
  "Input.Number": [...field, "placeholder", "min", "max"],
  "Input.Date": [...field, "placeholder", "min", "max"],
  "Input.Time": [...field, "placeholder", "min", "max"],
  "Input.Toggle": [...field, "title", "valueOn", "valueOff", "wrap"],
  "Input.ChoiceSet": [...field, "placeholder", "choices", "isMultiSelect", "style", "wrap"],
  "Action.Execute": [...sending, "verb"],
  "Action.Submit": sending,
  "Action.OpenUrl": [...action, "url"],
  "Action.ShowCard": [...action, "card"],
  "Action.ToggleVisibility": [...action, "targetElements"],
};

// stranger names a member that is unknown, or "".
function stranger(object) {
  const known = members[object?.type];
  if (!known) return `card › ${object?.type || "an element without a type"}`;
  const odd = Object.keys(object).find((key) => key !== "type" && !known.includes(key));
  return odd ? `${object.type} › ${odd}` : "";
}

// checked draws an object of a card, or what the card offers instead, or says
// what is not known. kinds are those that may stand here.
export function checked(object, kinds, draw) {
  const fits = kinds.some((kind) => object?.type?.startsWith(kind));
  const odd = stranger(object) || (fits ? "" : `card › ${object.type} in this place`);
  if (!odd) return draw(object);
  if (members[object?.type] || !object?.fallback) return refuse(odd);
  return object.fallback === "drop" ? null : checked(object.fallback, kinds, draw);
}
