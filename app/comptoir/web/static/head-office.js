// Says so when the head office stops answering: figures that stand still must not look live.
'use strict';

const away = () => document.getElementById('away');

for (const name of ['htmx:sendError', 'htmx:timeout', 'htmx:responseError']) {
  document.addEventListener(name, () => { away().hidden = false; });
}
document.addEventListener('htmx:afterOnLoad', (event) => {
  if (event.detail.xhr.status < 400) away().hidden = true;
});
