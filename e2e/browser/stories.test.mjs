// The stories run one after the other: they share one program with one Mei.
//
//   npm ci && LATCHKEY_PROGRAM=../../bin/latchkey LATCHKEY_DEMO=http://127.0.0.1:8080 node --test
//
// Each state is checked by axe-core and kept as a picture in build/screenshots.
import "./stories/first_unlock.mjs";
import "./stories/unrestricted.mjs";
import "./stories/not_enrolled.mjs";
import "./stories/wrong_codes.mjs";
import "./stories/doubles.mjs";
import "./stories/history.mjs";
import "./stories/away.mjs";
import "./stories/mail_slow.mjs";
import "./stories/looks.mjs";
import "./stories/keyboard.mjs";
import "./stories/text_message.mjs";
import "./stories/mobile.mjs";
import "./stories/questions.mjs";
import "./stories/chat.mjs";
import "./stories/self.mjs";
import "./stories/enroll.mjs";
import "./stories/ways_in.mjs";
import "./stories/tab.mjs";
import "./stories/cards.mjs";
import "./stories/teams_cards.mjs";
import "./stories/teams.mjs";
