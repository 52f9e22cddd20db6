// A chunk of its own: 124 unicode-range rules are 27 kB, and the first paint does not wait for them.
import "@fontsource-variable/jetbrains-mono/wght.css";
import "@fontsource-variable/noto-sans-kr/index.css";
