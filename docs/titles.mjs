/** Names each page of the site by its heading, not by its file. */
export const load = (app) => {
  app.converter.on("createDocument", (_context, page) => {
    const [first] = page.content;
    const [, heading] = (first?.kind === "text" && /^# (.+)$/m.exec(first.text)) || [];
    if (heading) page.name = heading;
  });
};
