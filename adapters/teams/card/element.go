package card

// The parts of a card that are used, as version 1.5 of the schema names them.

// element is anything that stands in a body.
type element interface{ setApart() }

// look is what every element may have.
type look struct {
	Separator bool   `json:"separator,omitempty"`
	Spacing   string `json:"spacing,omitempty"` // none, small, medium, large
}

// setApart draws a line above the element.
func (l *look) setApart() { l.Separator, l.Spacing = true, "medium" }

// textBlock is a heading, which screen readers announce as one, or a warning
// below an input. Its text is markup.
type textBlock struct {
	Type   string `json:"type"` // TextBlock
	Text   string `json:"text"`
	Wrap   bool   `json:"wrap"`
	Style  string `json:"style,omitempty"` // heading
	Size   string `json:"size,omitempty"`
	Weight string `json:"weight,omitempty"`
	Color  string `json:"color,omitempty"`
	look
}

// richText is a paragraph in which nothing is markup.
type richText struct {
	Type    string    `json:"type"` // RichTextBlock
	Inlines []textRun `json:"inlines"`
	look
}

type textRun struct {
	Type   string `json:"type"` // TextRun
	Text   string `json:"text"`
	Weight string `json:"weight,omitempty"`
	Size   string `json:"size,omitempty"`
	Subtle bool   `json:"isSubtle,omitempty"`
}

type factSet struct {
	Type  string `json:"type"` // FactSet
	Facts []fact `json:"facts"`
	look
}

// fact holds markup on both sides.
type fact struct {
	Title string `json:"title"`
	Value string `json:"value"`
}

type container struct {
	Type  string    `json:"type"`            // Container
	Style string    `json:"style,omitempty"` // good, warning, attention
	Items []element `json:"items"`
	look
}

type columnSet struct {
	Type    string   `json:"type"` // ColumnSet
	Columns []column `json:"columns"`
	look
}

type column struct {
	Type     string    `json:"type"`  // Column
	Width    string    `json:"width"` // auto, stretch
	Vertical string    `json:"verticalContentAlignment,omitempty"`
	Items    []element `json:"items"`
}

type actionSet struct {
	Type    string   `json:"type"` // ActionSet
	Actions []action `json:"actions"`
	look
}

// inputText is a line, or several, to type.
type inputText struct {
	Type        string `json:"type"` // Input.Text
	ID          string `json:"id"`
	Label       string `json:"label"`
	Placeholder string `json:"placeholder,omitempty"`
	Value       string `json:"value,omitempty"`
	MaxLength   int    `json:"maxLength"`
	Multiline   bool   `json:"isMultiline,omitempty"`
	Required    bool   `json:"isRequired,omitempty"`
	Regex       string `json:"regex,omitempty"`
	Error       string `json:"errorMessage,omitempty"`
	look
}

// inputChoices is a menu, or, where several may be chosen, check boxes.
type inputChoices struct {
	Type        string   `json:"type"` // Input.ChoiceSet
	ID          string   `json:"id"`
	Label       string   `json:"label"`
	Style       string   `json:"style"` // compact, expanded
	Multi       bool     `json:"isMultiSelect,omitempty"`
	Wrap        bool     `json:"wrap,omitempty"`
	Placeholder string   `json:"placeholder,omitempty"`
	Value       string   `json:"value,omitempty"` // of several, parted by commas
	Required    bool     `json:"isRequired"`
	Error       string   `json:"errorMessage"`
	Choices     []choice `json:"choices"`
	look
}

type choice struct {
	Title string `json:"title"`
	Value string `json:"value"`
}

// action is a button of any kind; which members it has, its kind decides.
type action struct {
	Type     string  `json:"type"`
	Title    string  `json:"title,omitempty"`
	Tooltip  string  `json:"tooltip,omitempty"`
	Style    string  `json:"style,omitempty"` // positive, destructive
	Verb     string  `json:"verb,omitempty"`  // Action.Execute
	URL      string  `json:"url,omitempty"`   // Action.OpenUrl
	Data     *data   `json:"data,omitempty"`
	Inputs   string  `json:"associatedInputs,omitempty"` // none: the form stays behind
	Card     *inner  `json:"card,omitempty"`             // Action.ShowCard
	Fallback *action `json:"fallback,omitempty"`
}

// data is what a button sends, with the values of the inputs beside it.
type data struct {
	Act   string   `json:"act"`
	Token string   `json:"token,omitempty"`
	Who   string   `json:"who,omitempty"` // whom it is about, of what opens
	Teams *msteams `json:"msteams,omitempty"`
}

// msteams is the part of the data that Teams itself reads.
type msteams struct {
	Type string `json:"type"` // task/fetch
}

// inner is the card that a button unfolds.
type inner struct {
	Type    string    `json:"type"` // AdaptiveCard
	Body    []element `json:"body"`
	Actions []action  `json:"actions"`
}
