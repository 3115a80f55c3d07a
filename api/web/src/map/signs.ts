/** What tells findings apart on maps and in lists: a colour and a sign for each class. */

import type { Finding, GroundClass } from '../service/reviews'

export const COLOURS: Record<GroundClass, string> = {
  vegetation_clearing: '#ffd400',
  bare_ground: '#ff9a2e',
  excavation: '#ff5ce1',
  stockpile: '#c3a2ff',
  water: '#4cc3ff',
  road: '#ffffff',
  built: '#ff6f61',
  other: '#c8d0cf',
}
/** Told apart without any colour. */
export const SIGNS: Record<GroundClass, string> = {
  vegetation_clearing: '♣',
  bare_ground: '■',
  excavation: '▼',
  stockpile: '▲',
  water: '●',
  road: '▬',
  built: '▣',
  other: '○',
}
/** Behind the name; what is newly disturbed has none. */
export const EPOCHS: Record<Finding['epoch'], string> = {
  new: '',
  standing: '=',
  recovered: '↺',
  undated: '',
}
