package adaptivecard_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"latchkey/adapters/playground/adaptivecard"
)

func decode(t *testing.T, payload string) any {
	t.Helper()
	v, err := adaptivecard.Decode([]byte(strings.ReplaceAll(payload, "'", `"`)))
	if err != nil {
		t.Fatalf("the test's own payload: %v", err)
	}
	return v
}

// body and row wrap what a case is about.
func body(elements string) string {
	return `{'type':'AdaptiveCard','version':'1.5','body':[` + elements + `]}`
}

func row(actions string) string {
	return `{'type':'AdaptiveCard','version':'1.5','body':[],'actions':[` + actions + `]}`
}

// Each refusal is found where it is and for its own reason.
func TestCheckRefusesWhatTeamsRefuses(t *testing.T) {
	choice := `{'title':'One','value':'1'}`
	set := func(more string) string {
		return body(`{'type':'Input.ChoiceSet','id':'c','label':'C','choices':[` + choice + `]` + more + `}`)
	}
	long := strings.Repeat("x", 29000)
	for _, c := range []struct{ name, payload, pointer, words string }{
		{"a list", `[]`, "/type", "must be AdaptiveCard"},
		{"without type", `{'version':'1.5','body':[]}`, "/type", "must be AdaptiveCard"},
		{"another type", `{'type':'HeroCard','version':'1.5','body':[]}`, "/type", "must be AdaptiveCard"},
		{"without version", `{'type':'AdaptiveCard','body':[]}`, "", "version"},
		{"version 1.6", `{'type':'AdaptiveCard','version':'1.6','body':[]}`, "/version", "up to 1.5"},
		{"version 1.3", `{'type':'AdaptiveCard','version':'1.3','body':[]}`, "/version", "1.4 at least"},
		{"version a number", `{'type':'AdaptiveCard','version':1.5,'body':[]}`, "/version", "such as 1.5"},
		{"body an object", `{'type':'AdaptiveCard','version':'1.5','body':{}}`, "/body", "must be an array"},
		{"28 KB", body(`{'type':'TextBlock','wrap':true,'text':'` + long + `'}`), "", "must stay below"},
		{"unknown member", `{'type':'AdaptiveCard','version':'1.5','body':[],'color':'red'}`, "/color", "no such field"},
		{"element a string", body(`'text'`), "/body/0", "must be an element"},
		{"element unknown", body(`{'type':'Video'}`), "/body/0/type", "may stand here"},
		{"element in lower case", body(`{'type':'textblock','text':'a'}`), "/body/0/type", "may stand here"},
		{"action in the body", body(`{'type':'Action.Submit','title':'a'}`), "/body/0/type", "may stand here"},
		{"text missing", body(`{'type':'TextBlock'}`), "/body/0", "text"},
		{"text null", body(`{'type':'TextBlock','text':null}`), "/body/0/text", "not null"},
		{"size unknown", body(`{'type':'TextBlock','text':'a','size':'huge'}`), "/body/0/size", "one of"},
		{"wrap a string", body(`{'type':'TextBlock','text':'a','wrap':'true'}`), "/body/0/wrap", "true or false"},
		{"long without wrap", body(`{'type':'TextBlock','text':'` + long[:41] + `'}`), "/body/0", "needs wrap"},
		{"facts empty", body(`{'type':'FactSet','facts':[]}`), "/body/0/facts", "at least 1"},
		{"fact without value", body(`{'type':'FactSet','facts':[{'title':'a'}]}`), "/body/0/facts/0", "value"},
		{"container without items", body(`{'type':'Container'}`), "/body/0", "items"},
		{"weights beside stretch", body(`{'type':'ColumnSet','columns':[{'type':'Column','width':1},{'type':'Column','width':'stretch'}]}`), "/body/0", "weight"},
		{"width in percent", body(`{'type':'ColumnSet','columns':[{'type':'Column','width':'50%'}]}`), "/body/0/columns/0/width", "pixels"},
		{"image without words", body(`{'type':'Image','url':'https://example.invalid/a'}`), "/body/0", "altText"},
		{"image from a file", body(`{'type':'Image','url':'file:///a','altText':'a'}`), "/body/0/url", "https"},
		{"table column auto", body(`{'type':'Table','columns':[{'type':'TableColumnDefinition','width':'auto'}]}`), "/body/0/columns/0/width", "pixels"},
		{"cell without items", body(`{'type':'Table','rows':[{'type':'TableRow','cells':[{'type':'TableCell'}]}]}`), "/body/0/rows/0/cells/0", "items"},
		{"row without type", body(`{'type':'Table','rows':[{'cells':[]}]}`), "/body/0/rows/0/type", "TableRow"},
		{"input without id", body(`{'type':'Input.Text','label':'a'}`), "/body/0", "id"},
		{"input without label", body(`{'type':'Input.Text','id':'a'}`), "/body/0", "label"},
		{"required without words", body(`{'type':'Input.Text','id':'a','label':'a','isRequired':true}`), "/body/0", "errorMessage"},
		{"maxLength a string", body(`{'type':'Input.Text','id':'a','label':'a','maxLength':'6'}`), "/body/0/maxLength", "whole number"},
		{"pattern broken", body(`{'type':'Input.Text','id':'a','label':'a','regex':'('}`), "/body/0/regex", "compile"},
		{"date with slashes", body(`{'type':'Input.Date','id':'a','label':'a','value':'1/2/2026'}`), "/body/0/value", "2026-12-31"},
		{"toggle without title", body(`{'type':'Input.Toggle','id':'a','label':'a'}`), "/body/0", "title"},
		{"toggle true", body(`{'type':'Input.Toggle','id':'a','label':'a','title':'a','value':true}`), "/body/0/value", "string"},
		{"no choices", body(`{'type':'Input.ChoiceSet','id':'a','label':'a','choices':[]}`), "/body/0/choices", "at least 1"},
		{"choices in 1.6", set(`,'choices.data':{}`), "/body/0/choices.data", "no such field"},
		{"value not offered", set(`,'value':'2'`), "/body/0/value", "not among"},
		{"comma in a value", body(`{'type':'Input.ChoiceSet','id':'a','label':'a','isMultiSelect':true,'choices':[{'title':'a','value':'1,2'}]}`), "/body/0/choices", "comma"},
		{"value twice", body(`{'type':'Input.ChoiceSet','id':'a','label':'a','choices':[` + choice + `,` + choice + `]}`), "/body/0/choices", "twice"},
		{"id twice", body(`{'type':'TextBlock','id':'a','text':'a'},{'type':'TextBlock','id':'a','text':'b'}`), "/body/1/id", "twice"},
		{"six buttons", row(strings.Repeat(`{'type':'Action.Submit','title':'a'},`, 5) + `{'type':'Action.Submit','title':'a'}`), "/actions", "at most 5"},
		{"button without title", row(`{'type':'Action.Submit'}`), "/actions/0", "title"},
		{"button of 1.3", row(`{'type':'Action.Http','title':'a'}`), "/actions/0/type", "may stand here"},
		{"execute without verb", row(`{'type':'Action.Execute','title':'a'}`), "/actions/0", "verb"},
		{"data a number", row(`{'type':'Action.Submit','title':'a','data':1}`), "/actions/0/data", "object"},
		{"msteams unknown", row(`{'type':'Action.Submit','title':'a','data':{'msteams':{'type':'task/open'}}}`), "/actions/0/data/msteams/type", "task/fetch"},
		{"style of Slack", row(`{'type':'Action.Submit','title':'a','style':'danger'}`), "/actions/0/style", "one of"},
		{"link without url", row(`{'type':'Action.OpenUrl','title':'a'}`), "/actions/0", "url"},
		{"link to script", row(`{'type':'Action.OpenUrl','title':'a','url':'javascript:alert(1)'}`), "/actions/0/url", "https"},
		{"card in card in card", row(`{'type':'Action.ShowCard','title':'a','card':{'type':'AdaptiveCard','body':[{'type':'ActionSet','actions':[{'type':'Action.ShowCard','title':'b','card':{'type':'AdaptiveCard','body':[]}}]}]}}`), "/actions/0/card", "inside another"},
		{"target nobody", row(`{'type':'Action.ToggleVisibility','title':'a','targetElements':['x']}`), "/actions/0/targetElements/0", "no element"},
		{"refresh by submit", `{'type':'AdaptiveCard','version':'1.5','body':[],'refresh':{'action':{'type':'Action.Submit','title':'a'}}}`, "/refresh/action/type", "Action.Execute"},
		{"61 people", `{'type':'AdaptiveCard','version':'1.5','body':[],'refresh':{'action':{'type':'Action.Execute','title':'a','verb':'a'},'userIds':['a'` + strings.Repeat(`,'a'`, 60) + `]}}`, "/refresh/userIds", "at most 60"},
	} {
		t.Run(c.name, func(t *testing.T) {
			problems := adaptivecard.Check(decode(t, c.payload))
			for _, p := range problems {
				if p.Pointer == c.pointer && strings.Contains(p.Text, c.words) {
					return
				}
			}
			t.Errorf("not refused at %q for %q: %v", c.pointer, c.words, problems)
		})
	}
	t.Run("samples of the outside checker", foreignSamples)
}

// foreignSamples judges the samples of the outside checker as it does.
func foreignSamples(t *testing.T) {
	dir := os.Getenv("CHECKS")
	if dir == "" {
		t.Log("CHECKS names no folder: the outside checker's samples were not read, our own cases were")
		return
	}
	if !filepath.IsAbs(dir) {
		dir = filepath.Join("..", "..", "..", dir) // from the top of the module
	}
	for _, side := range []struct {
		folder string
		refuse bool
		least  int
	}{{"invalid", true, 21}, {"valid", false, 3}} {
		files, err := filepath.Glob(filepath.Join(dir, "adaptivecard-check", "samples", side.folder, "*.json"))
		if err != nil || len(files) < side.least {
			t.Fatalf("%d samples in %s, at least %d are expected: is CHECKS right? (%v)", len(files), side.folder, side.least, err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			v, err := adaptivecard.Decode(data)
			if err != nil {
				t.Fatal(err)
			}
			if problems := adaptivecard.CheckAll(v); (len(problems) > 0) != side.refuse {
				t.Errorf("%s: %v", filepath.Base(file), problems)
			}
		}
	}
}

// everything is a card with each part that the product may use.
const everything = `{'type':'AdaptiveCard','$schema':'http://adaptivecards.io/schemas/adaptive-card.json','version':'1.5','fallbackText':'f','msteams':{'width':'Full'},'body':[
{'type':'TextBlock','text':'Unlock **Mei** at {{TIME(2026-11-24T12:00:00Z)}}','wrap':true,'style':'heading','size':'large','weight':'bolder','color':'good','isSubtle':false,'maxLines':2,'horizontalAlignment':'left','spacing':'small','separator':true,'id':'t'},
{'type':'RichTextBlock','inlines':[{'type':'TextRun','text':'a'},{'type':'TextRun','text':'b','italic':true,'fontType':'monospace'}]},
{'type':'FactSet','facts':[{'title':'Account','value':'mei\\_tan'}]},
{'type':'Container','id':'more','isVisible':false,'style':'emphasis','bleed':true,'items':[{'type':'TextBlock','text':'hidden'}]},
{'type':'ColumnSet','columns':[{'type':'Column','width':'auto','items':[{'type':'Image','url':'https://example.invalid/a.png','altText':'chart','size':'small'}]},{'type':'Column','width':'stretch','items':[]}]},
{'type':'Table','firstRowAsHeader':true,'columns':[{'type':'TableColumnDefinition','width':1}],'rows':[{'type':'TableRow','cells':[{'type':'TableCell','items':[{'type':'TextBlock','text':'a'}]},{'type':'TableCell','items':[{'type':'TextBlock','text':'b'}]}]}]},
{'type':'Input.Text','id':'code','label':'Code','isRequired':true,'errorMessage':'Six digits.','regex':'^[0-9]{6}$','maxLength':6,'style':'password','placeholder':'123456'},
{'type':'TextBlock','text':'Wrong.','color':'attention'},
{'type':'Input.Number','id':'n','label':'N','min':1,'max':5,'value':2},
{'type':'Input.Date','id':'d','label':'D','value':'2026-12-31'},
{'type':'Input.Time','id':'h','label':'H','value':'23:59'},
{'type':'Input.Toggle','id':'g','label':'G','title':'All of them','valueOn':'1','valueOff':'0'},
{'type':'Input.ChoiceSet','id':'c','label':'C','style':'expanded','isMultiSelect':true,'value':'2','choices':[{'title':'One','value':'1'},{'title':'Two','value':'2'}]},
{'type':'ActionSet','actions':[{'type':'Action.Execute','title':'Go','verb':'go','data':{'a':1},'style':'positive','tooltip':'Go on','associatedInputs':'none','fallback':{'type':'Action.Submit','title':'Go','data':{'verb':'go'}}}]}],
'actions':[{'type':'Action.Submit','title':'Open','data':{'msteams':{'type':'task/fetch'}}},{'type':'Action.OpenUrl','title':'Look','url':'https://example.invalid/'},
{'type':'Action.ShowCard','title':'Deny','card':{'type':'AdaptiveCard','body':[{'type':'Input.Text','id':'why','label':'Why'}],'actions':[{'type':'Action.Execute','title':'Send','verb':'deny'}]}},
{'type':'Action.ToggleVisibility','title':'More','targetElements':['more']}],
'refresh':{'action':{'type':'Action.Execute','title':'Refresh','verb':'refresh'},'userIds':['29:1abc']}}`

func TestCheckAcceptsWhatTeamsAccepts(t *testing.T) {
	if problems := adaptivecard.Check(decode(t, everything)); len(problems) > 0 {
		t.Errorf("refused: %v", problems)
	}
}

// Any member that is added to any object of an accepted card is refused, but
// in data, which is the bot's own.
func TestCheckRefusesEveryUnknownField(t *testing.T) {
	card := decode(t, everything)
	objects := 0
	var visit func(v any)
	visit = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, item := range v {
				visit(item)
			}
		case map[string]any:
			objects++
			v["colour"] = "red"
			if problems := adaptivecard.Check(card); len(problems) != 1 || !strings.HasSuffix(problems[0].Pointer, "/colour") {
				t.Errorf("a field added to %v: %v", v["type"], problems)
			}
			delete(v, "colour")
			for key, item := range v {
				if key != "data" {
					visit(item)
				}
			}
		}
	}
	visit(card)
	if objects < 30 {
		t.Errorf("only %d objects were visited", objects)
	}
}

// A person reads the lines, and finds inputs and buttons, in their order.
func TestRead(t *testing.T) {
	card := decode(t, everything)
	r := adaptivecard.Reader{Values: map[string]string{"g": "1"}}
	s := r.Read(card)
	want := "Unlock Mei at 12:00\nab\nAccount mei_tan\n[image: chart]\na | b\nCode\nWrong.\nN\nD\nH\nG\n[x] All of them\nC\n[ ] One\n[x] Two"
	if got := strings.Join(s.Lines, "\n"); got != want {
		t.Errorf("it reads\n%s\nwant\n%s", got, want)
	}
	var titles []string
	for _, p := range s.Presses {
		titles = append(titles, p.Title)
	}
	if got := strings.Join(titles, ","); got != "Go,Open,Look,Deny,More" {
		t.Errorf("buttons %s", got)
	}
	if s.Inputs[0].Complaint != "Wrong." || s.Inputs[0].Incomplete() != "Six digits." || s.Presses[0].Sends(s.Inputs[0]) || !s.Presses[1].Sends(s.Inputs[0]) {
		t.Errorf("inputs %+v", s.Inputs[0])
	}
	r.Opened = map[string]bool{"/actions/2": true}
	r.Hidden = map[string]bool{"more": true}
	r.Old = true
	s = r.Read(card)
	if !strings.Contains(strings.Join(s.Lines, "\n"), "hidden") || s.Inputs[len(s.Inputs)-1].ID != "why" || s.Presses[0].Kind != "Action.Submit" {
		t.Errorf("opened, it reads %q with %d inputs", s.Lines, len(s.Inputs))
	}
}

// No payload, however wrong, may end the playground.
func FuzzCard(f *testing.F) {
	f.Add([]byte(strings.ReplaceAll(everything, "'", `"`)))
	f.Add([]byte(`{"type":"AdaptiveCard","body":[{"type":"Table","rows":[{"cells":[{}]}]}],"actions":[null]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		v, err := adaptivecard.Decode(data)
		if err != nil {
			return
		}
		adaptivecard.CheckAll(v)
		adaptivecard.Check(v)
		for _, in := range (adaptivecard.Reader{}).Read(v).Inputs {
			in.Choices()
			in.Incomplete()
		}
		if _, err := json.Marshal(v); err != nil {
			t.Errorf("the card cannot be encoded any more: %v", err)
		}
	})
}
