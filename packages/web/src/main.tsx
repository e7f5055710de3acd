import { render } from "preact";
import { App } from "./app.tsx";
import "./styles/base.css";
import "./styles/frame.css";
import "./styles/content.css";
import "./styles/details.css";
import "./styles/compare.css";
import "./styles/review.css";

const root = document.getElementById("app");
if (root !== null) render(<App />, root);
