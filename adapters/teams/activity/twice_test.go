package activity

import "testing"

func TestTwice(t *testing.T) {
	for text, want := range map[string]bool{
		`{"a":1,"b":"a","c":["a","a"],"d":{"a":1}}`: false,
		`{"a":1,"a":2}`:                       true,
		`{"id":1,"ID":2}`:                     true,
		`{"v":{"a":1,"A":2}}`:                 false,
		`{"v":{"a":{"x":1},"a":2}}`:           true,
		`{"v":[{"a":1},{"a":1}]}`:             false,
		`{"v":[{"a":1,"b":"a","a":null}]}`:    true,
		`{"a":"a","b":["x",{"c":"c"}],"c":0}`: false,
		`{"a":{"b":1},"b":1,"a":{}}`:          true,
		`[1,2`:                                false,
		``:                                    false,
	} {
		if got := twice([]byte(text)); got != want {
			t.Errorf("%s: %t", text, got)
		}
	}
}
