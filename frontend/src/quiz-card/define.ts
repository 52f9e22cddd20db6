import { QuizCardElement } from "./quiz-card-element";

customElements.define("quiz-card", QuizCardElement);
