// How a host draws cards: sizes and colours near those of Teams' client, with
// enough contrast. Every card has to do with it, light and dark.
const palette = {
  light: { page: "#f5f5f5", paper: "#ffffff", ink: "#242424", soft: "#616161", line: "#d1d1d1", accent: "#4f52b2", good: "#0e6027", warning: "#835b00", bad: "#b10e1c",
    goodTint: "#e7f2da", warningTint: "#fbf6d9", badTint: "#fcf4f6" },
  dark: { page: "#1f1f1f", paper: "#292929", ink: "#ffffff", soft: "#c8c8c8", line: "#575757", accent: "#a5a8f5", good: "#a1d9a8", warning: "#f2d675", bad: "#f1a7ad",
    goodTint: "#0f2e13", warningTint: "#463100", badTint: "#3f1011" },
};

const shade = (plain, subtle = plain) => ({ default: plain, subtle });

// hostConfig is a HostConfig of Adaptive Cards for a look, "light" or "dark".
export function hostConfig(look) {
  const c = palette[look];
  const foregroundColors = { default: shade(c.ink, c.soft), accent: shade(c.accent), dark: shade(c.ink), light: shade(c.ink),
    good: shade(c.good), warning: shade(c.warning), attention: shade(c.bad) };
  const on = (backgroundColor) => ({ backgroundColor, foregroundColors, borderColor: c.line });
  return {
    fontFamily: "'DejaVu Sans', sans-serif", supportsInteractivity: true,
    fontSizes: { small: 12, default: 14, medium: 14, large: 18, extraLarge: 24 },
    fontWeights: { lighter: 300, default: 400, bolder: 700 },
    lineHeights: { small: 16, default: 20, medium: 20, large: 24, extraLarge: 32 },
    spacing: { small: 8, default: 12, medium: 16, large: 20, extraLarge: 24, padding: 16 },
    separator: { lineThickness: 1, lineColor: c.line },
    containerStyles: { default: on(c.paper), emphasis: on(c.page), accent: on(c.page), good: on(c.goodTint), warning: on(c.warningTint), attention: on(c.badTint) },
    actions: { maxActions: 6, spacing: "default", buttonSpacing: 8, actionsOrientation: "horizontal", actionAlignment: "left", showCard: { actionMode: "inline", inlineTopMargin: 12, style: "emphasis" } },
    inputs: { label: { requiredInputs: { suffix: " *", suffixColor: "attention", weight: "bolder" }, optionalInputs: { weight: "bolder" }, inputSpacing: 4 }, errorMessage: { color: "attention", spacing: "small" } },
    factSet: { title: { weight: "bolder", wrap: true, maxWidth: 150 }, value: { wrap: true }, spacing: 12 },
    textBlock: { headingLevel: 2 }, adaptiveCard: { allowCustomStyle: false },
  };
}

// sheet is the CSS of the page around the cards, and of what the library leaves
// to the host: buttons and fields. On a phone, long titles of buttons are broken.
export function sheet(look, wide) {
  const c = palette[look];
  return `:root { color-scheme: ${look}; } body { margin: 0; padding: 12px; background: ${c.page}; color: ${c.ink}; font: 14px 'DejaVu Sans', sans-serif; }
  #cards { display: grid; grid-template-columns: repeat(auto-fill, var(--wide)); gap: 12px; align-items: start; }
  #cards > section { width: var(--wide); border: 1px solid ${c.line}; border-radius: 8px; background: ${c.paper}; overflow-x: auto; }
  #cards h2 { font-size: 10px; font-weight: 400; color: ${c.soft}; margin: 4px 8px; }
  .ac-pushButton { font: 600 14px 'DejaVu Sans', sans-serif; max-width: 100%; padding: 5px 12px; border: 1px solid ${c.soft}; border-radius: 4px; background: ${c.paper}; color: ${c.ink}; cursor: pointer; }
  ${wide < 500 ? ".ac-pushButton, .ac-pushButton * { white-space: normal !important; overflow-wrap: anywhere; }" : ""}
  .ac-pushButton.style-positive { background: ${look === "dark" ? "#4f52b2" : c.accent}; border-color: transparent; color: #fff; }
  .ac-pushButton.style-destructive { color: ${c.bad}; border-color: ${c.bad}; }
  .ac-input { font: 14px 'DejaVu Sans', sans-serif; box-sizing: border-box; max-width: 100%; color: ${c.ink}; background: ${c.paper}; border: 1px solid ${c.soft}; border-radius: 4px; padding: 5px 8px; }
  .ac-input.ac-choiceSetInput-multiSelect, .ac-input.ac-choiceSetInput-expanded, .ac-input.ac-toggleInput { border: 0; padding: 2px 0; }
  .ac-choiceSetInput-expanded label, .ac-choiceSetInput-multiSelect label, .ac-toggleInput label { font: 14px 'DejaVu Sans', sans-serif; color: ${c.ink}; }
  .ac-input-validation-failed { border-color: ${c.bad}; }`;
}
