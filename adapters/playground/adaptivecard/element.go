package adaptivecard

import (
	"encoding/json"
	"regexp"
)

// Words that several elements share.
var (
	sizes      = oneOf("default", "small", "medium", "large", "extraLarge")
	spacings   = oneOf("default", "none", "small", "medium", "large", "extraLarge", "padding")
	horizontal = oneOf("left", "center", "right")
	vertical   = oneOf("top", "center", "bottom")
	styles     = oneOf("default", "emphasis", "good", "attention", "warning", "accent")
	heights    = oneOf("auto", "stretch")
	pixels     = regexp.MustCompile(`^\d+px$`)
)

func inPixels(r *report, at string, v any) {
	if s, ok := v.(string); !ok || !pixels.MatchString(s) {
		r.add(at, "must be a number of pixels, such as 50px")
	}
}

// width judges a column's width: a weight, auto, stretch or pixels.
func width(r *report, at string, v any) {
	switch v := v.(type) {
	case json.Number:
		return
	case string:
		if v != "auto" && v != "stretch" && !pixels.MatchString(v) {
			r.add(at, "must be auto, stretch, a weight or pixels")
		}
	default:
		r.add(at, "must be a string or a number, not %s", named(v))
	}
}

// requires judges the features that an element asks of the client.
func requires(r *report, at string, v any) {
	o, ok := v.(map[string]any)
	if !ok {
		r.add(at, "must be an object, not %s", named(v))
	}
	for key, version := range o {
		text(r, under(at, key), version)
	}
}

// common holds what every element may have. Rules that judge elements inside
// elements are looked up when they are used: the table refers to itself.
func common() fields {
	return fields{
		"id": filled, "isVisible": flag, "separator": flag, "spacing": spacings, "height": heights, "requires": requires,
		"fallback": fallback(func(r *report, at string, v any) { element(r, at, v) }),
	}
}

func fallback(instead rule) rule {
	return func(r *report, at string, v any) {
		if v != "drop" {
			instead(r, at, v)
		}
	}
}

// element judges anything that may stand in a body.
func element(r *report, at string, v any) { oneOfType("an element", elementShape)(r, at, v) }

func elements(r *report, at string, v any) { list(0, anyNumber, element)(r, at, v) }

// box holds what containers have in common.
func box() fields {
	return fields{
		"selectAction": selectAction, "style": styles, "bleed": flag, "minHeight": inPixels,
		"verticalContentAlignment": vertical,
	}
}

func elementShape(name string) (shape, bool) {
	all := common()
	switch name {
	case "TextBlock":
		return shape{must: fields{"text": text}, may: all.with(textLooks()).with(fields{
			"horizontalAlignment": horizontal, "maxLines": count, "wrap": flag, "style": oneOf("default", "heading")})}, true
	case "RichTextBlock":
		return shape{must: fields{"inlines": list(0, anyNumber, inline)}, may: all.with(fields{"horizontalAlignment": horizontal})}, true
	case "FactSet":
		return shape{must: fields{"facts": list(1, anyNumber, kind("Fact", shape{must: fields{"title": text, "value": text}}))}, may: all}, true
	case "Container":
		return shape{must: fields{"items": elements}, may: all.with(box())}, true
	case "ColumnSet":
		return shape{may: all.with(fields{"columns": list(0, anyNumber, column), "selectAction": selectAction, "style": styles,
			"bleed": flag, "minHeight": inPixels, "horizontalAlignment": horizontal}), also: weights}, true
	case "ActionSet":
		return shape{must: fields{"actions": actions}, may: all}, true
	case "Image":
		all["height"] = func(r *report, at string, v any) {
			if v != "auto" && v != "stretch" {
				inPixels(r, at, v)
			}
		}
		return shape{must: fields{"url": picture, "altText": filled}, may: all.with(fields{"backgroundColor": text,
			"horizontalAlignment": horizontal, "selectAction": selectAction, "style": oneOf("default", "person"),
			"size": oneOf("auto", "stretch", "small", "medium", "large"), "width": inPixels})}, true
	case "Table":
		return tableShape(all), true
	}
	return inputShape(name, all)
}

// textLooks is what a text block and a run of text have in common.
func textLooks() fields {
	return fields{
		"color":    oneOf("default", "dark", "light", "accent", "good", "warning", "attention"),
		"fontType": oneOf("default", "monospace"), "isSubtle": flag, "size": sizes, "weight": oneOf("default", "lighter", "bolder"),
	}
}

// inline judges a run of text; the published schema takes no bare string.
func inline(r *report, at string, v any) {
	oneOfType("a run of text", func(name string) (shape, bool) {
		return shape{must: fields{"text": text}, may: textLooks().with(fields{
			"highlight": flag, "italic": flag, "strikethrough": flag, "underline": flag, "selectAction": selectAction})}, name == "TextRun"
	})(r, at, v)
}

func column(r *report, at string, v any) {
	kind("Column", shape{may: box().with(fields{"items": elements, "width": width, "separator": flag, "spacing": spacings,
		"id": filled, "isVisible": flag, "requires": requires, "rtl": flag,
		"fallback": fallback(column)})})(r, at, v)
}

// weights: the renderer warns where weights and stretch stand side by side.
var weights = []func(r *report, at string, o map[string]any){func(r *report, at string, o map[string]any) {
	weighted, stretched := false, false
	for _, c := range items(o["columns"]) {
		_, isWeight := member(c, "width").(json.Number)
		weighted = weighted || isWeight
		stretched = stretched || member(c, "width") == "stretch"
	}
	if weighted && stretched {
		r.add(at, "columns with a weight and columns that stretch may not stand in one set")
	}
}}

// tableWidth judges the width of a table's column: a weight or pixels.
func tableWidth(r *report, at string, v any) {
	if _, weight := v.(json.Number); !weight {
		inPixels(r, at, v)
	}
}

func tableShape(all fields) shape {
	look := fields{"style": styles, "horizontalCellContentAlignment": horizontal, "verticalCellContentAlignment": vertical}
	cell := kind("TableCell", shape{must: fields{"items": elements}, may: box()})
	row := kind("TableRow", shape{may: look.with(fields{"cells": list(0, anyNumber, typed("TableCell", cell))})})
	return shape{may: all.with(fields{
		"columns": list(0, anyNumber, kind("TableColumnDefinition", shape{may: fields{"width": tableWidth,
			"horizontalCellContentAlignment": horizontal, "verticalCellContentAlignment": vertical}})),
		"rows": list(0, anyNumber, typed("TableRow", row)), "firstRowAsHeader": flag, "showGridLines": flag, "gridStyle": styles,
		"horizontalCellContentAlignment": horizontal, "verticalCellContentAlignment": vertical})}
}

// typed asks for the member "type": the renderer leaves out rows and cells without.
func typed(name string, check rule) rule {
	return func(r *report, at string, v any) {
		if member(v, "type") != name {
			r.add(under(at, "type"), "must be %s", name)
			return
		}
		check(r, at, v)
	}
}
