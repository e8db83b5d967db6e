/** Style sheets are imported for their effect; Vite turns them into a file of their own, as the content security policy wants. */
declare module '*.css';
