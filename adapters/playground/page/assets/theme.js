// The chosen look, set before anything is painted.
try {
  const chosen = localStorage.getItem("look");
  if (chosen === "dark" || chosen === "light") document.documentElement.dataset.look = chosen;
} catch { /* no storage: the look of the system */ }
